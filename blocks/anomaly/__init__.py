"""The form of `/anomaly`: safety anomalies, filed with KARE."""
