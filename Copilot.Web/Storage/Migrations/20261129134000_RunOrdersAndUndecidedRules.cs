using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Copilot.Web.Storage.Migrations
{
    /// <inheritdoc />
    public partial class RunOrdersAndUndecidedRules : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "ordinal",
                table: "runs",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "undecided_at",
                table: "supervision_rules",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "undecided_run_id",
                table: "supervision_rules",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "undecided_seq",
                table: "supervision_rules",
                type: "INTEGER",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "ordinal",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "undecided_at",
                table: "supervision_rules");

            migrationBuilder.DropColumn(
                name: "undecided_run_id",
                table: "supervision_rules");

            migrationBuilder.DropColumn(
                name: "undecided_seq",
                table: "supervision_rules");
        }
    }
}
