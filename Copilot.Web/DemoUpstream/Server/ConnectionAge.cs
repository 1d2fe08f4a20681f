namespace Copilot.Web.DemoUpstream.Server;

/// <summary>How long a connection may be used (protocol §1): past its age it answers every request with the limit.</summary>
internal sealed class ConnectionAge
{
    private volatile bool _over;

    public bool IsOver => _over;

    public void Expire() => _over = true;
}
