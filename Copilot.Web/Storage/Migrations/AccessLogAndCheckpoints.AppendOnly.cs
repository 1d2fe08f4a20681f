using Microsoft.EntityFrameworkCore.Migrations;

namespace Copilot.Web.Storage.Migrations
{
    // What the audit consists of is only ever added to. Triggers are outside EF's model.
    public partial class AccessLogAndCheckpoints
    {
        private static void MakeAppendOnly(MigrationBuilder migrationBuilder)
        {
            foreach (var table in (string[])["access_log", "audit_checkpoints", "audit_heads"])
            {
                foreach (var change in (string[])["UPDATE", "DELETE"])
                {
                    migrationBuilder.Sql($"""
                        CREATE TRIGGER {table}_no_{change.ToLowerInvariant()} BEFORE {change} ON {table}
                        BEGIN SELECT RAISE (ABORT, '{table} is append-only'); END;
                        """);
                }
            }
        }
    }
}
