"""Translation catalogues: what people wrote (.po) made into what Django reads (.mo)."""

from __future__ import annotations

from pathlib import Path

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def compile_catalogues(folder: Path = LOCALE) -> list[Path]:
    """Compile each catalogue under `folder` that changed since it was last compiled; the list of what was written.

    A catalogue that cannot be read raises babel's PoFileError and leaves what was compiled before as it was.
    """
    stale = [source for source in sorted(folder.glob("*/LC_MESSAGES/*.po")) if _is_stale(source)]
    return [_compile(source) for source in stale]


def _is_stale(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime


def _compile(source: Path) -> Path:
    # Late, because nearly always there is nothing to compile and every command passes here.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    language = source.parent.parent.name
    with source.open("rb") as text:
        catalogue = read_po(text, locale=language, abort_invalid=True)
    fresh = source.with_suffix(".mo.new")
    with fresh.open("wb") as binary:
        write_mo(binary, catalogue)
    # The folders of a house are for its owner alone; translations are for whoever may read the code.
    fresh.chmod(source.stat().st_mode & 0o777)
    return fresh.replace(source.with_suffix(".mo"))


if __name__ == "__main__":
    for written in compile_catalogues():
        print(f"compiled {written.relative_to(LOCALE)}")
