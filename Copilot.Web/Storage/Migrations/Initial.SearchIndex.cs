using Microsoft.EntityFrameworkCore.Migrations;

namespace Copilot.Web.Storage.Migrations
{
    // The full-text index of SessionSearch. Virtual tables are outside EF's model.
    public partial class Initial
    {
        private static void CreateSearchIndex(MigrationBuilder migrationBuilder)
        {
            // A full-text table finds its rows by number only; this one knows which number belongs to whom.
            migrationBuilder.Sql("""
                CREATE TABLE search_rows (
                    id INTEGER NOT NULL PRIMARY KEY,
                    session_id TEXT NOT NULL,
                    run_id TEXT NOT NULL,
                    CONSTRAINT uq_search_rows UNIQUE (session_id, run_id),
                    CONSTRAINT fk_search_rows_session_id FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE CASCADE
                );
                """);
            migrationBuilder.Sql("""
                CREATE VIRTUAL TABLE search_texts USING fts5 (text, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');
                """);
            // What is forgotten must not live on in the index.
            migrationBuilder.Sql("INSERT INTO search_texts (search_texts, rank) VALUES ('secure-delete', 1);");
        }

        private static void DropSearchIndex(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP TABLE search_texts;");
            migrationBuilder.Sql("DROP TABLE search_rows;");
        }
    }
}
