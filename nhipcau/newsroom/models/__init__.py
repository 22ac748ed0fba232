"""The nouns of the newsroom: pages, authors, groups, pictures and documents."""

from nhipcau.newsroom.models.files import Download, Picture, PictureRendition
from nhipcau.newsroom.models.pages import Article, Byline, NewsFront, Offered, Reported, Section
from nhipcau.newsroom.models.people import Author, EditorialApproval, RoleGroup
from nhipcau.newsroom.models.readers import Enquiry

__all__ = [
    "Article",
    "Author",
    "Byline",
    "Download",
    "EditorialApproval",
    "Enquiry",
    "NewsFront",
    "Offered",
    "Picture",
    "PictureRendition",
    "Reported",
    "RoleGroup",
    "Section",
]
