"""The remedy for wrong credentials, where the form of step 1 has the right ones, or the same."""

import pytest

from lc_tutorial import masking, memory
from lc_tutorial.display.transcript import explanation
from lc_tutorial.errors import Place
from lc_tutorial.platforms import Platform
from tests.unit.errors.scene import REDIRECT_URI, Scene


@pytest.fixture(scope="module")
def scene(sandbox: Platform) -> Scene:
    return Scene(sandbox)


def enter(scene: Scene, **changed: str) -> None:
    """The form of step 1 accepts the app, or something else."""
    client_id = changed.get("client_id", scene.app.client_id)
    secret = masking.Secret(changed.get("client_secret", scene.app.client_secret))
    origin = scene.platform.accounts_url
    memory.note_entered(memory.SeenApp(client_id, secret, REDIRECT_URI, origin))


SENT = [
    {"client_id": "0" * 32},
    {"client_id": "f" * 31},
    {"client_secret": "not-a-real-secret"},
]


@pytest.mark.parametrize("sent", SENT)
def test_what_the_form_has_is_to_be_sent(scene: Scene, sent: dict[str, str]) -> None:
    enter(scene)
    (name,) = sent
    answer = scene.post(scene.good(**sent))
    for place, words in ((Place.CELL, f"Send app.{name},"), (Place.LAB, f"Write {{{{{name}}}}}")):
        refusal = explanation(answer, place)
        assert refusal is not None
        assert refusal.remedy.startswith(words)


@pytest.mark.parametrize("sent", SENT)
def test_what_is_wrong_in_the_form_is_to_be_corrected_there(
    scene: Scene, sent: dict[str, str]
) -> None:
    enter(scene, **sent)
    refusal = explanation(scene.post(scene.good(**sent)))
    assert refusal is not None
    assert "Correct it in the form of step 1" in refusal.remedy
