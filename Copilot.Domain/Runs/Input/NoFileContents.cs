using Copilot.Domain.Responses.Requests;

namespace Copilot.Domain.Runs.Input;

/// <summary>For a host that keeps no files: none is there.</summary>
internal sealed class NoFileContents : IFileContents
{
    public Task<IReadOnlyDictionary<string, InputContent>> FindAsync(IReadOnlyCollection<string> fileIds, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, InputContent>>(new Dictionary<string, InputContent>());
}
