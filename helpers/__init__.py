"""What the lessons share: data, plots, update rules, sliders, checks. What is taught stands in its lesson first."""
