using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Copilot.Tests.Shared;

/// <summary>What is asked of a database. Register it with the context's options.</summary>
internal sealed class SqlCommands : DbCommandInterceptor
{
    private ConcurrentQueue<string> _texts = [];

    /// <summary>The commands since the last <see cref="Clear"/> that contain this.</summary>
    public int Count(string text) => _texts.Count(one => one.Contains(text, StringComparison.Ordinal));

    /// <summary>Begins anew.</summary>
    public void Clear() => _texts = [];

    public override InterceptionResult<DbDataReader> ReaderExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
    {
        _texts.Enqueue(command.CommandText);
        return result;
    }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        _texts.Enqueue(command.CommandText);
        return ValueTask.FromResult(result);
    }
}
