"""Addresses of reviews, and of the pages that links open to customers."""

from __future__ import annotations

from django.urls import path

from evenbook.reviews.web import batches, customer, one, writing

urlpatterns = [
    path("reviews", batches.every, name="reviews"),
    path("reviews/coverage", batches.coverage, name="reviews-coverage"),
    path("reviews/batches/<int:number>", batches.one, name="reviews-batch"),
    path("reviews/batches/<int:number>/approve", batches.approve_batch, name="reviews-approve"),
    path("reviews/batches/<int:number>/cancel", batches.cancel_batch, name="reviews-cancel"),
    path("reviews/batches/<int:number>/end-links", batches.end_links, name="reviews-end-links"),
    path("reviews/hands/<int:number>", batches.answer, name="reviews-hand"),
    path("reviews/of/<int:number>", one.review_page, name="review"),
    path("reviews/of/<int:number>/look", one.look, name="review-look"),
    path("reviews/of/<int:number>/override", one.let_go, name="review-override"),
    path("reviews/of/<int:number>/link", one.link, name="review-link"),
    path("reviews/of/<int:number>/end-links", one.end_links, name="review-end-links"),
    path("reviews/of/<int:number>/<slug:kind>", one.review_file, name="review-file"),
    path("reviews/accounts/<path:key>", one.account_page, name="review-preview"),
    path("reviews/written", writing.written, name="reviews-written"),
    path("reviews/written/news", writing.news, name="reviews-news"),
    path("reviews/written/shipped", writing.shipped, name="reviews-shipped"),
    path("reviews/written/<slug:kind>/<int:number>/withdraw", writing.withdrawn, name="reviews-withdraw"),
    path("reviews/written/words", writing.words, name="reviews-words"),
    path("reviews/written/master", writing.master, name="reviews-master"),
    path("reviews/written/opt-outs", writing.opt_outs, name="reviews-opt-outs"),
    path("r/<str:token>", customer.review, name="customer-review"),
    path("r/<str:token>/hand", customer.hand, name="customer-hand"),
    path("r/<str:token>/trials/<int:number>/end", customer.end_trial, name="customer-trial-end"),
    path("r/<str:token>/<slug:kind>", customer.file, name="customer-file"),
]
