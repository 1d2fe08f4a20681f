using Copilot.Web.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Tests.Storage;

public sealed class StorageFailureTests
{
    [Theory]
    [InlineData(5, "The database is locked by another program.")]
    [InlineData(8, "The database file is read-only.")]
    [InlineData(10, "The disk reports an error while the database is written.")]
    [InlineData(13, "The disk is full.")]
    [InlineData(14, "The database file cannot be opened.")]
    [InlineData(26, "The database file is damaged.")]
    public void Explain_FailureOfTheMachine_IsOnePlainSentence(int code, string expected)
    {
        var failure = new SqliteException("raw text", code);

        Assert.Equal(expected, StorageFailure.Explain(failure)!.Message);
        Assert.Equal(expected, StorageFailure.Explain(new DbUpdateException("outer", failure))!.Message);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(15)]
    public void Explain_CodeThatIsNotKnown_IsTriedAFewTimes(int code) =>
        Assert.True(StorageFailure.Explain(new SqliteException("raw text", code))!.MayBeLasting);

    [Theory]
    [InlineData(1)]
    [InlineData(19)]
    public void Explain_FailureOfTheProgram_IsNone(int code) =>
        Assert.Null(StorageFailure.Explain(new SqliteException("raw text", code)));
}
