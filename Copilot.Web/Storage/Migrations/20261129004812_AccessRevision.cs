using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Copilot.Web.Storage.Migrations
{
    /// <inheritdoc />
    public partial class AccessRevision : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "ix_sessions_updated_at_id",
                table: "sessions",
                columns: new[] { "updated_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_idempotency_keys_run_id",
                table: "idempotency_keys",
                column: "run_id");

            migrationBuilder.CreateIndex(
                name: "ix_forgettings_next_at_id",
                table: "forgettings",
                columns: new[] { "next_at", "id" },
                filter: "finished_at IS NULL");
            AddRevision(migrationBuilder);
            RemovePlainHashes(migrationBuilder);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            RemoveRevision(migrationBuilder);
            migrationBuilder.DropIndex(
                name: "ix_sessions_updated_at_id",
                table: "sessions");

            migrationBuilder.DropIndex(
                name: "ix_idempotency_keys_run_id",
                table: "idempotency_keys");

            migrationBuilder.DropIndex(
                name: "ix_forgettings_next_at_id",
                table: "forgettings");
        }
    }
}
