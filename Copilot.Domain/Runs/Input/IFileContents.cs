using Copilot.Domain.Responses.Requests;

namespace Copilot.Domain.Runs.Input;

/// <summary>Where the bytes of people's files lie. Asked when a request is planned; the log names files and never holds them.</summary>
public interface IFileContents
{
    /// <summary>The contents of the files that are there, by id. One that was deleted or is missing is left out.</summary>
    Task<IReadOnlyDictionary<string, InputContent>> FindAsync(IReadOnlyCollection<string> fileIds, CancellationToken cancellationToken);
}
