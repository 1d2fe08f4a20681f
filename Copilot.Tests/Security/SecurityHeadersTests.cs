using System.Net;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Hosts;

namespace Copilot.Tests.Security;

public sealed class SecurityHeadersTests(DemoHost demo) : IClassFixture<DemoHost>
{
    [Theory]
    [InlineData("/signin", HttpStatusCode.OK)]
    [InlineData("/api/runs/x", HttpStatusCode.Unauthorized)]
    [InlineData("/local/none", HttpStatusCode.NotFound)]
    public async Task AnyResponse_HasEveryHeader(string path, HttpStatusCode expected)
    {
        var host = demo.Host;
        using var browser = host.Browser();

        using var response = await browser.GetAsync(path);

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(
            "default-src 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; frame-src 'none'; frame-ancestors 'none'; form-action 'self'",
            Assert.Single(response.Headers.GetValues("Content-Security-Policy")));
        Assert.Contains("no-store", response.Headers.CacheControl?.ToString(), StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("same-origin", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
        Assert.Contains("camera=()", Assert.Single(response.Headers.GetValues("Permissions-Policy")), StringComparison.Ordinal);
    }
}
