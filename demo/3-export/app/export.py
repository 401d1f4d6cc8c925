"""Orders as a report, for the accountant."""

import os
import subprocess

from flask import Blueprint, request, send_file

from app.auth import admin_required

export = Blueprint("export", __name__)

REPORTS = "/var/lib/shop/reports"


@export.post("/reports")
@admin_required
def make_report():
    month = request.form["month"]
    target = os.path.join(REPORTS, "orders.pdf")
    subprocess.run(f"shop-report --month {month} --out {target}", shell=True, check=True)
    return send_file(target)
