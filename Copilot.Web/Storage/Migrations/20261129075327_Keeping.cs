using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Copilot.Web.Storage.Migrations
{
    /// <inheritdoc />
    public partial class Keeping : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "agent_id",
                table: "sessions",
                type: "TEXT",
                nullable: false,
                defaultValue: "agt_default");

            migrationBuilder.AddColumn<long>(
                name: "packed_at",
                table: "runs",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "legal_holds",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    session_id = table.Column<string>(type: "TEXT", nullable: true),
                    user_id = table.Column<string>(type: "TEXT", nullable: true),
                    reason = table.Column<string>(type: "TEXT", nullable: false),
                    set_by = table.Column<string>(type: "TEXT", nullable: false),
                    set_at = table.Column<long>(type: "INTEGER", nullable: false),
                    lifted_by = table.Column<string>(type: "TEXT", nullable: true),
                    lifted_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_legal_holds", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "retention_rules",
                columns: table => new
                {
                    scope = table.Column<string>(type: "TEXT", nullable: false),
                    subject_id = table.Column<string>(type: "TEXT", nullable: false),
                    days = table.Column<int>(type: "INTEGER", nullable: true),
                    set_by = table.Column<string>(type: "TEXT", nullable: false),
                    set_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_retention_rules", x => new { x.scope, x.subject_id });
                });

            migrationBuilder.CreateTable(
                name: "run_salts",
                columns: table => new
                {
                    run_id = table.Column<string>(type: "TEXT", nullable: false),
                    from_seq = table.Column<long>(type: "INTEGER", nullable: false),
                    key = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_run_salts", x => new { x.run_id, x.from_seq });
                    table.ForeignKey(
                        name: "fk_run_salts_run_id",
                        column: x => x.run_id,
                        principalTable: "runs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "run_segments",
                columns: table => new
                {
                    run_id = table.Column<string>(type: "TEXT", nullable: false),
                    last_seq = table.Column<long>(type: "INTEGER", nullable: false),
                    first_seq = table.Column<long>(type: "INTEGER", nullable: false),
                    previous_hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    last_hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    content = table.Column<byte[]>(type: "BLOB", nullable: false),
                    erased = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_run_segments", x => new { x.run_id, x.last_seq });
                    table.ForeignKey(
                        name: "fk_run_segments_run_id",
                        column: x => x.run_id,
                        principalTable: "runs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_runs_completed_at",
                table: "runs",
                column: "completed_at",
                filter: "packed_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_legal_holds_session_id",
                table: "legal_holds",
                column: "session_id",
                filter: "lifted_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_legal_holds_user_id",
                table: "legal_holds",
                column: "user_id",
                filter: "lifted_at IS NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "legal_holds");

            migrationBuilder.DropTable(
                name: "retention_rules");

            migrationBuilder.DropTable(
                name: "run_salts");

            migrationBuilder.DropTable(
                name: "run_segments");

            migrationBuilder.DropIndex(
                name: "ix_runs_completed_at",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "agent_id",
                table: "sessions");

            migrationBuilder.DropColumn(
                name: "packed_at",
                table: "runs");
        }
    }
}
