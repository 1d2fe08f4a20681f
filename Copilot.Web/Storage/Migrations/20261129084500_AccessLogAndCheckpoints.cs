using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Copilot.Web.Storage.Migrations
{
    /// <inheritdoc />
    public partial class AccessLogAndCheckpoints : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "access_log",
                columns: table => new
                {
                    seq = table.Column<long>(type: "INTEGER", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    action = table.Column<string>(type: "TEXT", nullable: false),
                    actor_id = table.Column<string>(type: "TEXT", nullable: true),
                    actor_name = table.Column<string>(type: "TEXT", nullable: false),
                    actor_role = table.Column<string>(type: "TEXT", nullable: true),
                    key_id = table.Column<string>(type: "TEXT", nullable: true),
                    address = table.Column<string>(type: "TEXT", nullable: false),
                    object_id = table.Column<string>(type: "TEXT", nullable: true),
                    object_name = table.Column<string>(type: "TEXT", nullable: true),
                    owner_id = table.Column<string>(type: "TEXT", nullable: true),
                    reason = table.Column<string>(type: "TEXT", nullable: true),
                    before = table.Column<string>(type: "TEXT", nullable: true),
                    after = table.Column<string>(type: "TEXT", nullable: true),
                    hash = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_access_log", x => x.seq);
                });

            migrationBuilder.CreateIndex(
                name: "ix_access_log_at",
                table: "access_log",
                column: "at");

            migrationBuilder.CreateIndex(
                name: "ix_access_log_action_seq",
                table: "access_log",
                columns: new[] { "action", "seq" });

            migrationBuilder.CreateIndex(
                name: "ix_access_log_actor_id_seq",
                table: "access_log",
                columns: new[] { "actor_id", "seq" });

            migrationBuilder.CreateIndex(
                name: "ix_access_log_object_id_seq",
                table: "access_log",
                columns: new[] { "object_id", "seq" });

            migrationBuilder.CreateIndex(
                name: "ix_access_log_owner_id_seq",
                table: "access_log",
                columns: new[] { "owner_id", "seq" });

            migrationBuilder.CreateTable(
                name: "audit_checkpoints",
                columns: table => new
                {
                    number = table.Column<long>(type: "INTEGER", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    previous_hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    head_count = table.Column<int>(type: "INTEGER", nullable: false),
                    heads_digest = table.Column<byte[]>(type: "BLOB", nullable: false),
                    key_id = table.Column<string>(type: "TEXT", nullable: false),
                    hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    signature = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_audit_checkpoints", x => x.number);
                });

            migrationBuilder.CreateIndex(
                name: "ix_audit_checkpoints_at",
                table: "audit_checkpoints",
                column: "at");

            migrationBuilder.CreateTable(
                name: "audit_heads",
                columns: table => new
                {
                    chain = table.Column<string>(type: "TEXT", nullable: false),
                    seq = table.Column<long>(type: "INTEGER", nullable: false),
                    kind = table.Column<string>(type: "TEXT", nullable: false),
                    hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    checkpoint = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_audit_heads", x => new { x.chain, x.seq });
                });

            migrationBuilder.CreateIndex(
                name: "ix_audit_heads_checkpoint",
                table: "audit_heads",
                column: "checkpoint");

            migrationBuilder.CreateIndex(
                name: "ix_audit_heads_kind_chain",
                table: "audit_heads",
                columns: new[] { "kind", "chain" });

            MakeAppendOnly(migrationBuilder);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "access_log");

            migrationBuilder.DropTable(
                name: "audit_checkpoints");

            migrationBuilder.DropTable(
                name: "audit_heads");
        }
    }
}
