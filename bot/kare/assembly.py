"""The parts of the form of `/anomaly` that need KARE, put together."""

from dataclasses import dataclass

from blocks.anomaly.form import AnomalyForm
from bot.kare.catalogue import Asks, Catalogue
from bot.kare.draft_steps import DraftSteps
from bot.kare.drafts import Drafts
from bot.kare.form_data import AnomalyFormData
from bot.kare.labels import AnomalyLabels
from bot.kare.pickers import Pickers
from bot.setup import Setup


@dataclass(frozen=True)
class Assembly:
    form_data: AnomalyFormData
    draft_steps: DraftSteps
    labels: AnomalyLabels
    drafts: Drafts
    catalogue: Catalogue


async def assembled(form: AnomalyForm, kind: str, kare: Asks, setup: Setup) -> Assembly:
    """Load what earlier runs stored, and connect the parts.

    :raises StorageError: when the database cannot be read
    """
    catalogue = Catalogue(kare, setup.store, setup.clock)
    drafts = Drafts(setup.store, setup.clock)
    pickers = Pickers(catalogue, setup.store, kind)
    form_data = AnomalyFormData(pickers, drafts, takes_photos=setup.config.photos)
    await form_data.load()
    return Assembly(
        form_data,
        DraftSteps(form, form_data, drafts),
        AnomalyLabels(catalogue),
        drafts,
        catalogue,
    )
