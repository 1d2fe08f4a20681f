using Copilot.Domain.Responses;

namespace Copilot.Domain.Runs;

/// <summary>Where the bytes of people's files lie. Asked when a request is planned; the log names files and never holds them.</summary>
public interface IFileContents
{
    /// <summary>The contents of the files that are there, by id. One that was forgotten or is missing is left out.</summary>
    Task<IReadOnlyDictionary<string, InputContent>> FindAsync(IReadOnlyCollection<string> fileIds, CancellationToken cancellationToken);
}

/// <summary>For a host that keeps no files: none is there.</summary>
internal sealed class NoFileContents : IFileContents
{
    public Task<IReadOnlyDictionary<string, InputContent>> FindAsync(IReadOnlyCollection<string> fileIds, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, InputContent>>(new Dictionary<string, InputContent>());
}
