"""The nouns of the newsroom: pages, authors, groups, pictures and documents."""

from nhipcau.newsroom.models.files import Download, Picture, PictureRendition
from nhipcau.newsroom.models.pages import Article, Byline, NewsFront, Offered, Reported, Section
from nhipcau.newsroom.models.people import Author, EditorialApproval, RoleGroup

__all__ = [
    "Article",
    "Author",
    "Byline",
    "Download",
    "EditorialApproval",
    "NewsFront",
    "Offered",
    "Picture",
    "PictureRendition",
    "Reported",
    "RoleGroup",
    "Section",
]
