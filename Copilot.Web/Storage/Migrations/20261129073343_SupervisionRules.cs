using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Copilot.Web.Storage.Migrations
{
    /// <inheritdoc />
    public partial class SupervisionRules : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_alerts_run_id_kind",
                table: "alerts");

            migrationBuilder.AddColumn<int>(
                name: "firings",
                table: "alerts",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "rule_id",
                table: "alerts",
                type: "TEXT",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "rule_name",
                table: "alerts",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "seq",
                table: "alerts",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "supervision_rules",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    revision = table.Column<long>(type: "INTEGER", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    team_id = table.Column<string>(type: "TEXT", nullable: true),
                    agent = table.Column<string>(type: "TEXT", nullable: true),
                    condition = table.Column<string>(type: "TEXT", nullable: false),
                    effect = table.Column<string>(type: "TEXT", nullable: false),
                    is_on = table.Column<bool>(type: "INTEGER", nullable: false),
                    created_by = table.Column<string>(type: "TEXT", nullable: false),
                    created_by_name = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    changed_by_name = table.Column<string>(type: "TEXT", nullable: true),
                    changed_at = table.Column<long>(type: "INTEGER", nullable: true),
                    removed_at = table.Column<long>(type: "INTEGER", nullable: true),
                    fired_at = table.Column<long>(type: "INTEGER", nullable: true),
                    fired_run_id = table.Column<string>(type: "TEXT", nullable: true),
                    fired_seq = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_supervision_rules", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_alerts_run_id_kind_rule_id",
                table: "alerts",
                columns: new[] { "run_id", "kind", "rule_id" },
                unique: true,
                filter: "cleared_at IS NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "supervision_rules");

            migrationBuilder.DropIndex(
                name: "ix_alerts_run_id_kind_rule_id",
                table: "alerts");

            migrationBuilder.DropColumn(
                name: "firings",
                table: "alerts");

            migrationBuilder.DropColumn(
                name: "rule_id",
                table: "alerts");

            migrationBuilder.DropColumn(
                name: "rule_name",
                table: "alerts");

            migrationBuilder.DropColumn(
                name: "seq",
                table: "alerts");

            migrationBuilder.CreateIndex(
                name: "ix_alerts_run_id_kind",
                table: "alerts",
                columns: new[] { "run_id", "kind" },
                unique: true,
                filter: "cleared_at IS NULL");
        }
    }
}
