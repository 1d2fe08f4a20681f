using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Copilot.Web.Storage.Migrations
{
    /// <inheritdoc />
    public partial class Conversations : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "archived_at",
                table: "sessions",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "outcome",
                table: "sessions",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "pinned_at",
                table: "sessions",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "settled_at",
                table: "sessions",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "titled_by",
                table: "sessions",
                type: "TEXT",
                nullable: true);

            // Who gave a title was not saved before: nobody's may be replaced.
            migrationBuilder.Sql("UPDATE sessions SET titled_by = 'person' WHERE title <> '';");

            migrationBuilder.CreateTable(
                name: "run_callbacks",
                columns: table => new
                {
                    run_id = table.Column<string>(type: "TEXT", nullable: false),
                    url = table.Column<string>(type: "TEXT", nullable: false),
                    status = table.Column<string>(type: "TEXT", nullable: true),
                    delivery_id = table.Column<string>(type: "TEXT", nullable: true),
                    attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    next_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_run_callbacks", x => x.run_id);
                    table.ForeignKey(
                        name: "fk_run_callbacks_run_id",
                        column: x => x.run_id,
                        principalTable: "runs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "session_views",
                columns: table => new
                {
                    user_id = table.Column<string>(type: "TEXT", nullable: false),
                    session_id = table.Column<string>(type: "TEXT", nullable: false),
                    seen_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_session_views", x => new { x.user_id, x.session_id });
                    table.ForeignKey(
                        name: "fk_session_views_session_id",
                        column: x => x.session_id,
                        principalTable: "sessions",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_sessions_user_id_pinned_at",
                table: "sessions",
                columns: new[] { "user_id", "pinned_at" },
                filter: "pinned_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_run_callbacks_next_at",
                table: "run_callbacks",
                column: "next_at",
                filter: "next_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_session_views_session_id",
                table: "session_views",
                column: "session_id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "run_callbacks");

            migrationBuilder.DropTable(
                name: "session_views");

            migrationBuilder.DropIndex(
                name: "ix_sessions_user_id_pinned_at",
                table: "sessions");

            migrationBuilder.DropColumn(
                name: "archived_at",
                table: "sessions");

            migrationBuilder.DropColumn(
                name: "outcome",
                table: "sessions");

            migrationBuilder.DropColumn(
                name: "pinned_at",
                table: "sessions");

            migrationBuilder.DropColumn(
                name: "settled_at",
                table: "sessions");

            migrationBuilder.DropColumn(
                name: "titled_by",
                table: "sessions");
        }
    }
}
