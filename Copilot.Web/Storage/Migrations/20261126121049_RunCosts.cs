using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Copilot.Web.Storage.Migrations
{
    /// <inheritdoc />
    public partial class RunCosts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "cost_currency",
                table: "runs",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "cost_gaps",
                table: "runs",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<long>(
                name: "cost_micros",
                table: "runs",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            // Nobody knows what runs from before have cost; only those that asked nothing cost nothing.
            migrationBuilder.Sql("UPDATE runs SET cost_gaps = 1 WHERE json_extract(summary, '$.usage.input_tokens') > 0;");

            migrationBuilder.CreateIndex(
                name: "ix_runs_session_id_cost_currency_cost_micros_cost_gaps",
                table: "runs",
                columns: new[] { "session_id", "cost_currency", "cost_micros", "cost_gaps" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_runs_session_id_cost_currency_cost_micros_cost_gaps",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "cost_currency",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "cost_gaps",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "cost_micros",
                table: "runs");
        }
    }
}
