using Microsoft.EntityFrameworkCore.Migrations;

namespace Copilot.Web.Storage.Migrations
{
    // The audit is only ever added to. Triggers are outside EF's model.
    public partial class PeopleAndKeys
    {
        private static void MakeAuditAppendOnly(MigrationBuilder migrationBuilder)
        {
            foreach (var change in (string[])["UPDATE", "DELETE"])
            {
                migrationBuilder.Sql($"""
                    CREATE TRIGGER people_audit_no_{change.ToLowerInvariant()} BEFORE {change} ON people_audit
                    BEGIN SELECT RAISE (ABORT, 'people_audit is append-only'); END;
                    """);
            }
        }
    }
}
