"""Makes the first page that Wagtail creates ours, so that a new house has a front page and a site."""

from django.db import migrations


def make_front_page(apps, _schema_editor):
    Page = apps.get_model("wagtailcore", "Page")
    HomePage = apps.get_model("home", "HomePage")
    ContentType = apps.get_model("contenttypes", "ContentType")
    page = Page.objects.filter(path="00010001", slug="home").first()
    if page is None:
        return
    ours, _made = ContentType.objects.get_or_create(app_label="home", model="homepage")
    front = HomePage(page_ptr=page)
    front.__dict__.update({field.attname: getattr(page, field.attname) for field in Page._meta.concrete_fields})
    front.content_type_id = ours.pk
    front.title = front.draft_title = "Home"
    front.save()


class Migration(migrations.Migration):
    dependencies = [("home", "0001_initial"), ("contenttypes", "0002_remove_content_type_name")]
    operations = [migrations.RunPython(make_front_page, migrations.RunPython.noop)]
