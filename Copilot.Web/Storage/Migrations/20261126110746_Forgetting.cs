using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Copilot.Web.Storage.Migrations
{
    /// <inheritdoc />
    public partial class Forgetting : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "forgotten_at",
                table: "runs",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "forgettings",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    session_id = table.Column<string>(type: "TEXT", nullable: false),
                    user_id = table.Column<string>(type: "TEXT", nullable: false),
                    team_id = table.Column<string>(type: "TEXT", nullable: false),
                    cause = table.Column<string>(type: "TEXT", nullable: false),
                    actor_id = table.Column<string>(type: "TEXT", nullable: true),
                    actor_role = table.Column<string>(type: "TEXT", nullable: true),
                    rule = table.Column<string>(type: "TEXT", nullable: true),
                    requested_at = table.Column<long>(type: "INTEGER", nullable: false),
                    state = table.Column<string>(type: "TEXT", nullable: false),
                    erased_at = table.Column<long>(type: "INTEGER", nullable: true),
                    finished_at = table.Column<long>(type: "INTEGER", nullable: true),
                    next_at = table.Column<long>(type: "INTEGER", nullable: false),
                    attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    problem = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_forgettings", x => x.id);
                    table.ForeignKey(
                        name: "fk_forgettings_session_id",
                        column: x => x.session_id,
                        principalTable: "sessions",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "forgotten_runs",
                columns: table => new
                {
                    run_id = table.Column<string>(type: "TEXT", nullable: false),
                    forgetting_id = table.Column<string>(type: "TEXT", nullable: false),
                    events = table.Column<long>(type: "INTEGER", nullable: false),
                    bytes = table.Column<long>(type: "INTEGER", nullable: false),
                    head_hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    chain_held_before = table.Column<bool>(type: "INTEGER", nullable: false),
                    chain_holds_after = table.Column<bool>(type: "INTEGER", nullable: true),
                    planned_at = table.Column<long>(type: "INTEGER", nullable: false),
                    erased_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_forgotten_runs", x => x.run_id);
                    table.ForeignKey(
                        name: "fk_forgotten_runs_forgetting_id",
                        column: x => x.forgetting_id,
                        principalTable: "forgettings",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_forgotten_runs_run_id",
                        column: x => x.run_id,
                        principalTable: "runs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "forgotten_responses",
                columns: table => new
                {
                    run_id = table.Column<string>(type: "TEXT", nullable: false),
                    seq = table.Column<long>(type: "INTEGER", nullable: false),
                    forgetting_id = table.Column<string>(type: "TEXT", nullable: false),
                    response_id = table.Column<string>(type: "TEXT", nullable: true),
                    proof = table.Column<string>(type: "TEXT", nullable: false),
                    state = table.Column<string>(type: "TEXT", nullable: false),
                    sent_at = table.Column<long>(type: "INTEGER", nullable: false),
                    transport = table.Column<string>(type: "TEXT", nullable: true),
                    endpoint = table.Column<string>(type: "TEXT", nullable: true),
                    socket_end = table.Column<string>(type: "TEXT", nullable: true),
                    close_code = table.Column<int>(type: "INTEGER", nullable: true),
                    delete_at = table.Column<long>(type: "INTEGER", nullable: true),
                    delete_status = table.Column<int>(type: "INTEGER", nullable: true),
                    get_status = table.Column<int>(type: "INTEGER", nullable: true),
                    verified_at = table.Column<long>(type: "INTEGER", nullable: true),
                    attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    next_at = table.Column<long>(type: "INTEGER", nullable: false),
                    problem = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_forgotten_responses", x => new { x.run_id, x.seq });
                    table.ForeignKey(
                        name: "fk_forgotten_responses_run_id",
                        column: x => x.run_id,
                        principalTable: "forgotten_runs",
                        principalColumn: "run_id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_forgettings_session_id",
                table: "forgettings",
                column: "session_id",
                unique: true,
                filter: "erased_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_forgettings_session_id_id",
                table: "forgettings",
                columns: new[] { "session_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_forgotten_responses_forgetting_id_state",
                table: "forgotten_responses",
                columns: new[] { "forgetting_id", "state" });

            migrationBuilder.CreateIndex(
                name: "ix_forgotten_runs_forgetting_id",
                table: "forgotten_runs",
                column: "forgetting_id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "forgotten_responses");

            migrationBuilder.DropTable(
                name: "forgotten_runs");

            migrationBuilder.DropTable(
                name: "forgettings");

            migrationBuilder.DropColumn(
                name: "forgotten_at",
                table: "runs");
        }
    }
}
