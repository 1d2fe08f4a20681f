using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Copilot.Tests.Storage;

public sealed class OtherWriterTests
{
    [Fact]
    public async Task WaitFor_ProgramThatWrites_SaysSoAndWaitsForItsEnd()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var other = new SqliteConnection($"Data Source={database.Path};Pooling=False");
        await other.OpenAsync();
        await ExecuteAsync(other, "BEGIN IMMEDIATE");
        var log = new FirstLine();

        var waiting = Task.Run(() => new OtherWriter(log).WaitFor(database.ConnectionString));
        Assert.Equal("Another program is writing the database. The start waits for it, 30 s at most", await log.Line.WaitAsync(Waiting.Limit));
        Assert.False(waiting.IsCompleted);
        await ExecuteAsync(other, "ROLLBACK");

        await waiting.WaitAsync(Waiting.Limit);
    }

    [Fact]
    public async Task WaitFor_NobodyWrites_SaysNothing()
    {
        await using var database = await TestDatabase.CreateAsync();
        var log = new FirstLine();

        new OtherWriter(log).WaitFor(database.ConnectionString);
        new OtherWriter(log).WaitFor($"Data Source={database.Path}.none");

        Assert.False(log.Line.IsCompleted);
        Assert.False(File.Exists(database.Path + ".none"));
    }

    private static async Task ExecuteAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    private sealed class FirstLine : ILogger<OtherWriter>
    {
        private readonly TaskCompletionSource<string> _line = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Line => _line.Task;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _line.TrySetResult(formatter(state, exception));
    }
}
