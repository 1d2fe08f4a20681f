namespace Copilot.Domain.Erasure;

/// <summary>Something of a conversation that is kept elsewhere than in the log: its files. Forgotten with it.</summary>
public interface ISessionEraser
{
    /// <summary>Removes it for good. Doing it again changes nothing. Throws when it could not be done; then it is tried again.</summary>
    Task EraseAsync(string sessionId, CancellationToken cancellationToken);
}
