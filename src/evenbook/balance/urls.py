"""Addresses of books and proposals."""

from __future__ import annotations

from django.urls import path

from evenbook.balance.web import book, comparing, proposal, structures

urlpatterns = [
    path("book", book.shown, name="book"),
    path("books/<path:key>", book.one, name="book-of"),
    path("book/structures", structures.shown, name="structures"),
    path("book/structures/compare", structures.compare, name="structures-compare"),
    path("book/propose", book.propose, name="book-propose"),
    path("proposals/compare", comparing.beside, name="proposals-compare"),
    path("proposals/<int:number>", proposal.one, name="proposal"),
    path("proposals/<int:number>/price", proposal.price, name="proposal-price"),
    path("proposals/<int:number>/move", proposal.move, name="proposal-move"),
    path("proposals/<int:number>/approve", proposal.approve, name="proposal-approve"),
    path("proposals/<int:number>/drop", proposal.drop, name="proposal-drop"),
    path("proposals/<int:number>/undo", proposal.undo, name="proposal-undo"),
]
