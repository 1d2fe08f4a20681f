using Microsoft.EntityFrameworkCore.Migrations;

namespace Copilot.Web.Storage.Migrations
{
    // A number that changes with whatever decides who is signed in, whichever process changes it. Outside EF's model, as triggers are.
    public partial class AccessRevision
    {
        private static readonly (string Name, string When)[] s_changes =
        [
            ("user_changed", "UPDATE OF security_stamp, lockout_end ON users WHEN OLD.security_stamp IS NOT NEW.security_stamp OR OLD.lockout_end IS NOT NEW.lockout_end"),
            ("user_deleted", "DELETE ON users"),
            ("role_given", "INSERT ON user_roles"),
            ("role_taken", "DELETE ON user_roles"),
            ("sign_in_ended", "UPDATE OF ended_at ON sign_ins WHEN OLD.ended_at IS NOT NEW.ended_at"),
            ("sign_in_deleted", "DELETE ON sign_ins"),
        ];

        private static void AddRevision(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("CREATE TABLE access_revision (id INTEGER PRIMARY KEY CHECK (id = 1), value INTEGER NOT NULL)");
            migrationBuilder.Sql("INSERT INTO access_revision (id, value) VALUES (1, 0)");
            foreach (var (name, when) in s_changes)
            {
                migrationBuilder.Sql($"CREATE TRIGGER access_{name} AFTER {when} BEGIN UPDATE access_revision SET value = value + 1; END;");
            }
        }

        // A plain hash of a short message can be guessed. Without its row a key still finds the run that it has started.
        private static void RemovePlainHashes(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("DELETE FROM idempotency_keys");

        private static void RemoveRevision(MigrationBuilder migrationBuilder)
        {
            foreach (var (name, _) in s_changes)
            {
                migrationBuilder.Sql($"DROP TRIGGER access_{name}");
            }

            migrationBuilder.Sql("DROP TABLE access_revision");
        }
    }
}
