"""Checks of lesson 13: penalties on the squares of the weights, on their sizes, and weight decay; in three files."""

from helpers.check import lesson13_decay as _decay
from helpers.check import lesson13_lasso as _lasso
from helpers.check import lesson13_ridge as _ridge

# in the order of the lesson, as check.progress() lists them
interpolating_degree = _ridge.interpolating_degree
l2_loss = _ridge.l2_loss
ridge_fit = _ridge.ridge_fit
choose_lambda = _ridge.choose_lambda
kept_share = _ridge.kept_share
coefficient_units = _decay.coefficient_units
ridge_alpha = _lasso.ridge_alpha
soft = _lasso.soft
lasso_step = _lasso.lasso_step
adamw_step = _decay.adamw_step
regularized_cross_entropy = _decay.regularized_cross_entropy
