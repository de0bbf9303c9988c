"""Appraisal (综合评价): how well departments and areas see to their cases, by set definitions."""
