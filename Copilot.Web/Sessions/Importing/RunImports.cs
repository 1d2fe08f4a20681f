using Copilot.Domain.Replay.Export;
using Copilot.Web.Options;
using Copilot.Web.Supervision;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Sessions.Importing;

/// <summary>
/// Opens files that were exported, here or elsewhere, for supervisors and admins: who may export how runs work may look at such a file.
/// Nothing of it goes into the store or any log.
/// </summary>
internal sealed partial class RunImports(SupervisorAccess access, ImportMemory memory, IOptions<LimitOptions> options, ILogger<RunImports> logger)
{
    /// <summary>Where the page is that opens them.</summary>
    public const string Address = "/runs/import";

    /// <summary>What a file's name ends with.</summary>
    public const string Extension = ".jsonl";

    private const int LongestName = 200;

    /// <summary>The largest file that is opened, in bytes.</summary>
    public long MostBytes => options.Value.ImportBytes;

    /// <summary>Whether this person may open files.</summary>
    public async Task<bool> MayAsync(UserInfo user, CancellationToken cancellationToken) => await access.FindAsync(user.Id, cancellationToken) is not null;

    /// <summary>Opens a file.</summary>
    /// <param name="user">Who opens it.</param>
    /// <param name="name">Its name, as the browser says it; anything.</param>
    /// <param name="size">Its size in bytes, as the browser says it; no more is read.</param>
    /// <param name="open">Opens its bytes.</param>
    /// <param name="progress">Called with how many bytes were read, often, on any thread.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="ImportRefusedException">It is not read.</exception>
    /// <exception cref="ExportFormatException">It is no export, or a broken one; the message is a sentence.</exception>
    /// <exception cref="OperationCanceledException">The reading was stopped.</exception>
    public async Task<ImportedFile> OpenAsync(UserInfo user, string name, long size, Func<Stream> open, Action<long> progress, CancellationToken cancellationToken)
    {
        if (!await MayAsync(user, cancellationToken))
        {
            throw new ImportRefusedException(ImportRefusal.NotAllowed);
        }

        if (!name.EndsWith(Extension, StringComparison.OrdinalIgnoreCase))
        {
            throw new ImportRefusedException(ImportRefusal.OtherKind);
        }

        if (size < 0 || size > MostBytes)
        {
            throw new ImportRefusedException(ImportRefusal.TooLarge);
        }

        var place = memory.TryTake(size) ?? throw new ImportRefusedException(ImportRefusal.NoRoom);
        try
        {
            await using var file = open();
            var (header, runs) = await ImportReader.ReadAsync(file, size, progress, cancellationToken);
            LogOpened(user.Id, runs.Count, runs.Sum(run => run.Events.Count));
            return new ImportedFile(name.Length <= LongestName ? name : name[^LongestName..], header, runs, place);
        }
        catch
        {
            place.Dispose();
            throw;
        }
    }

    [LoggerMessage(LogLevel.Information, "{UserId} opened a file of {Runs} runs with {Events} events")]
    private partial void LogOpened(string userId, int runs, int events);
}
