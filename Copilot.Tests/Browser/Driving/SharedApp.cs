namespace Copilot.Tests.Browser.Driving;

/// <summary>
/// The product as a process that the tests of a class share, because a start costs more than most of them: each has a browser context,
/// a sign-in and a conversation of its own. Who counts what everybody has, or ends the process, starts an <see cref="AppProcess"/>.
/// </summary>
/// <param name="settings">As on the command line: <c>Demo:TokensPerSecond=0</c>.</param>
public abstract class SharedApp(params string[] settings) : IAsyncLifetime
{
    private AppProcess? _app;

    internal AppProcess App => _app ?? throw new InvalidOperationException("The product was not started.");

    public async ValueTask InitializeAsync() => _app = await AppProcess.StartAsync(settings);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }
}
