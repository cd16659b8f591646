"""The tour of `constat try`: the steps that file reports, and print what a person sees."""
