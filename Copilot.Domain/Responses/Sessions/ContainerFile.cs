namespace Copilot.Domain.Responses.Sessions;

/// <summary>A file on its way from the upstream. Dispose it.</summary>
/// <param name="answer">The upstream's answer, of which nothing but the head was read.</param>
/// <param name="content">Its body.</param>
public sealed class ContainerFile(HttpResponseMessage answer, Stream content) : IDisposable
{
    /// <summary>Its bytes, read once.</summary>
    public Stream Content => content;

    /// <summary>How many there are; null where the upstream does not say.</summary>
    public long? Length => answer.Content.Headers.ContentLength;

    /// <inheritdoc/>
    public void Dispose()
    {
        content.Dispose();
        answer.Dispose();
    }
}
