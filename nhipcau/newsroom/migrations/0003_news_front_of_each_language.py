"""The site begins with an empty news front in Vietnamese and in English, in place of Wagtail's page of welcome."""

import uuid

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

FRONTS = [("vi", "Tin tức", "tin", "00010001"), ("en", "News", "news", "00010002")]


def open_fronts(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    page, site, locale, front = (
        apps.get_model("wagtailcore", "Page"),
        apps.get_model("wagtailcore", "Site"),
        apps.get_model("wagtailcore", "Locale"),
        apps.get_model("newsroom", "NewsFront"),
    )
    kind = apps.get_model("contenttypes", "ContentType").objects.get_or_create(app_label="newsroom", model="newsfront")[
        0
    ]
    # Nothing but the page of welcome can stand there: no type of page existed before this room.
    site.objects.all().delete()
    page.objects.filter(depth__gt=1).delete()
    key, root = uuid.uuid4(), page.objects.get(depth=1)
    made = []
    for code, title, slug, path in FRONTS:
        made.append(
            front.objects.create(
                title=title,
                draft_title=title,
                slug=slug,
                url_path=f"/{slug}/",
                path=path,
                depth=2,
                numchild=0,
                content_type=kind,
                locale=locale.objects.get_or_create(language_code=code)[0],
                translation_key=key,
            )
        )
    root.numchild = len(FRONTS)
    root.save(update_fields=["numchild"])
    site.objects.create(hostname="localhost", root_page_id=made[0].pk, is_default_site=True, site_name="Nhịp Cầu")


def close_fronts(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    page, site = apps.get_model("wagtailcore", "Page"), apps.get_model("wagtailcore", "Site")
    site.objects.all().delete()
    apps.get_model("newsroom", "NewsFront").objects.all().delete()
    page.objects.filter(depth__gt=1).delete()
    page.objects.filter(depth=1).update(numchild=0)


class Migration(migrations.Migration):
    dependencies = [("newsroom", "0002_sections_and_articles")]
    operations = [migrations.RunPython(open_fronts, close_fronts)]
