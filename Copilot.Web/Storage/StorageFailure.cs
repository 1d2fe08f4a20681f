using Copilot.Domain.Runs.Log;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Storage;

/// <summary>Distinguishes failures of the machine (try again later) from errors of the program.</summary>
internal static class StorageFailure
{
    /// <summary>The failure in one sentence for people, or null for an error of the program.</summary>
    public static StorageUnavailableException? Explain(Exception exception) => exception switch
    {
        StorageUnavailableException => null,
        DbUpdateException { InnerException: SqliteException inner } => Explain(inner),
        SqliteException sqlite when Sentence(sqlite.SqliteErrorCode) is { } sentence =>
            new StorageUnavailableException(sentence, sqlite) { MayBeLasting = sqlite.SqliteErrorCode is 11 or 26 },

        // Whatever else SQLite reports may pass. What the program did wrong (SQL, constraints, misuse) does not.
        SqliteException { SqliteErrorCode: not (1 or 18 or 19 or 20 or 21 or 25) } sqlite =>
            new StorageUnavailableException($"The database reports an error ({sqlite.SqliteErrorCode}).", sqlite) { MayBeLasting = true },
        IOException or UnauthorizedAccessException =>
            new StorageUnavailableException("The database file cannot be reached.", exception),
        _ => null,
    };

    /// <summary>True for a failure of the machine: reported by a write (<see cref="StorageUnavailableException"/>), or met by a read.</summary>
    public static bool Is(Exception exception) => exception is StorageUnavailableException || Explain(exception) is not null;

    // Result codes: https://www.sqlite.org/rescode.html
    private static string? Sentence(int code) => code switch
    {
        5 or 6 => "The database is locked by another program.",
        3 or 8 => "The database file is read-only.",
        7 => "The database has run out of memory.",
        10 => "The disk reports an error while the database is written.",
        11 or 26 => "The database file is damaged.",
        13 => "The disk is full.",
        14 => "The database file cannot be opened.",
        _ => null,
    };
}
