using Microsoft.EntityFrameworkCore.Migrations;

namespace Copilot.Web.Storage.Migrations
{
    // The full-text index of SqliteRunIndex. Virtual tables are outside EF's model. It is filled in the background, never here.
    public partial class Find
    {
        private static void CreateSearchIndex(MigrationBuilder migrationBuilder)
        {
            // Texts come as tokens that are cut already: this tokenizer only splits at the spaces between them.
            migrationBuilder.Sql("CREATE VIRTUAL TABLE find_texts USING fts5 (text, tokenize = 'ascii', prefix = '2 3');");
            // What is erased must not live on in the index.
            migrationBuilder.Sql("INSERT INTO find_texts (find_texts, rank) VALUES ('secure-delete', 1);");
        }

        private static void DropSearchIndex(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("DROP TABLE find_texts;");
    }
}
