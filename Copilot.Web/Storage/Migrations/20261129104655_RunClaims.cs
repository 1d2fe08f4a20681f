using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Copilot.Web.Storage.Migrations
{
    /// <inheritdoc />
    public partial class RunClaims : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "run_claims",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    run_id = table.Column<string>(type: "TEXT", nullable: false),
                    user_id = table.Column<string>(type: "TEXT", nullable: false),
                    team_id = table.Column<string>(type: "TEXT", nullable: false),
                    claimed_by = table.Column<string>(type: "TEXT", nullable: false),
                    claimed_by_name = table.Column<string>(type: "TEXT", nullable: false),
                    claimed_at = table.Column<long>(type: "INTEGER", nullable: false),
                    ended_at = table.Column<long>(type: "INTEGER", nullable: true),
                    ended_because = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_run_claims", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_run_claims_ended_at",
                table: "run_claims",
                column: "ended_at",
                filter: "ended_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_run_claims_run_id",
                table: "run_claims",
                column: "run_id",
                unique: true,
                filter: "ended_at IS NULL");

            // Until now a claim was remembered by its alerts alone.
            migrationBuilder.Sql(
                """
                INSERT INTO run_claims (id, run_id, user_id, team_id, claimed_by, claimed_by_name, claimed_at)
                SELECT 'clm_' || run_id, run_id, user_id, team_id, owner_id, COALESCE(owner_name, owner_id), MIN(owned_at)
                FROM alerts WHERE cleared_at IS NULL AND owner_id IS NOT NULL AND owned_at IS NOT NULL GROUP BY run_id
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "run_claims");
        }
    }
}
