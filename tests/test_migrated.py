"""What is kept of a migrated database is used only while it is what migrating would make."""

import pytest

from tests import migrated


@pytest.fixture
def migration(tmp_path, monkeypatch):
    monkeypatch.setattr(migrated, "ROOT", tmp_path)
    file = tmp_path / "wagtail_personalize/people/migrations/0001_initial.py"
    file.parent.mkdir(parents=True)
    file.write_text("operations = []")
    return file


class TestKey:
    def test_is_the_same_for_the_same(self, migration):
        assert migrated.key(3) == migrated.key(3)

    def test_changes_with_a_migration(self, migration):
        before = migrated.key(3)
        migration.write_text("operations = [1]")
        assert migrated.key(3) != before

    def test_changes_with_a_new_file_and_its_name(self, migration):
        before = migrated.key(3)
        new = migration.with_name("0002_more.py")
        new.write_text("")
        added = migrated.key(3)
        new.rename(migration.with_name("0002_other.py"))
        assert len({before, added, migrated.key(3)}) == 3

    def test_changes_with_the_database_and_the_settings(self, migration, settings):
        before = migrated.key(3)
        assert migrated.key(4) != before
        settings.MIGRATION_MODULES = {"intranet": None}
        assert migrated.key(3) != before

    def test_stays_while_only_tests_change(self, migration):
        before = migrated.key(3)
        migration.with_name("test_people.py").write_text("")
        assert migrated.key(3) == before
