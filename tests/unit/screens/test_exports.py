"""What an export is called."""

from __future__ import annotations

from app.screens.exports import attachment


def test_names_of_files_in_any_script_fit_a_header():
    header = attachment("首次密码 1.xlsx")
    assert header.encode("latin-1")
    assert "filename*=UTF-8''%E9%A6%96%E6%AC%A1%E5%AF%86%E7%A0%81%201.xlsx" in header
