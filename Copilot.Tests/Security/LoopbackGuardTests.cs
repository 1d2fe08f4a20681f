using System.Net;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Options;
using Copilot.Web.Security;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Copilot.Tests.Security;

public sealed class LoopbackGuardTests(DemoHost demo) : IClassFixture<DemoHost>
{
    [Theory]
    [InlineData("/local/handler")]
    [InlineData("/local/delegate")]
    public async Task RequireLoopback_OnThisMachine_Answers(string path)
    {
        var host = demo.Host;
        using var browser = host.Browser();

        Assert.Equal("here", await browser.GetStringAsync(path));
    }

    [Theory]
    [InlineData("/local/handler", "Host", "copilot.example")]
    [InlineData("/local/delegate", "Host", "copilot.example")]
    [InlineData("/local/handler", "Host", "127.0.0.1.nip.io")]
    [InlineData("/local/delegate", "X-Forwarded-For", "127.0.0.1")]
    [InlineData("/local/handler", "X-Forwarded-Proto", "https")]
    [InlineData("/local/handler", "X-Original-For", "127.0.0.1")]
    [InlineData("/local/handler", "Forwarded", "for=127.0.0.1")]
    [InlineData("/local/handler", "X-Real-IP", "127.0.0.1")]
    [InlineData("/local/handler", "Via", "1.1 proxy")]
    [InlineData("/local/handler", "CF-Connecting-IP", "127.0.0.1")]
    [InlineData("/local/handler", "Client-IP", "127.0.0.1")]
    [InlineData("/local/handler", "Proxy-Client-IP", "127.0.0.1")]
    [InlineData("/local/handler", "X-Azure-ClientIP", "127.0.0.1")]
    [InlineData("/local/handler", "X-Forwarded", "127.0.0.1")]
    public async Task RequireLoopback_ForwardedOrOtherHost_Answers404(string path, string header, string value)
    {
        var host = demo.Host;
        using var browser = host.Browser();
        browser.DefaultRequestHeaders.TryAddWithoutValidation(header, value);

        using var response = await browser.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("127.0.0.1", "localhost:5000", true)]
    [InlineData("::1", "[::1]:5000", true)]
    [InlineData("::ffff:127.0.0.1", "127.0.0.2", true)]
    [InlineData("192.168.1.2", "localhost", false)]
    [InlineData(null, "localhost", false)]
    [InlineData("127.0.0.1", "", false)]
    public void Allows_PeerAndHost_BothLoopback(string? peer, string hostHeader, bool expected)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = peer is null ? null : IPAddress.Parse(peer);
        context.Request.Headers.Host = hostHeader;

        Assert.Equal(expected, LoopbackGuard.Allows(context));
    }

    [Fact]
    public void Allows_AsAnOldProxyAsks_IsRefused()
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Loopback;
        context.Request.Headers.Host = "127.0.0.1:5080";
        context.Request.Protocol = "HTTP/1.0";

        Assert.False(LoopbackGuard.Allows(context));
    }

    [Theory]
    [InlineData("http://localhost:5000", true)]
    [InlineData("http://127.0.0.1:0", true)]
    [InlineData("http://[::1]:80", true)]
    [InlineData("http://unix:/tmp/x.sock", true)]
    [InlineData("http://0.0.0.0:5000", false)]
    [InlineData("http://[::]:5000", false)]
    [InlineData("http://*:5000", false)]
    [InlineData("http://+:5000", false)]
    [InlineData("http://localhost.example:5000", false)]
    public void IsLocal_Address_OnlyLoopback(string address, bool expected) => Assert.Equal(expected, DemoAddresses.IsLocal(address));

    [Theory]
    [InlineData("urls", "http://127.0.0.1:0;http://0.0.0.0:0")]
    [InlineData("http_ports", "0")]
    [InlineData("Kestrel:Endpoints:Public:Url", "http://*:0")]
    public async Task Start_DemoOnConfiguredPublicAddress_IsRefused(string setting, string value)
    {
        var settings = new HostSettings { IsDemo = true, Urls = setting == "urls" ? value : "" };
        settings.Values[setting] = value;

        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => PeopleHost.StartAsync(settings));

        Assert.Contains("ASPNETCORE_URLS", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Demo__Enabled=false", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_DemoBoundToPublicAddressInCode_IsRefused()
    {
        var settings = new HostSettings
        {
            IsDemo = true,
            Configure = builder => builder.WebHost.ConfigureKestrel(options => options.ListenAnyIP(0)),
        };

        await Assert.ThrowsAsync<StartRefusedException>(() => PeopleHost.StartAsync(settings));
    }

    [Fact]
    public async Task Start_PublicAddressOutsideDemoMode_Starts()
    {
        await using var host = await PeopleHost.StartAsync(new HostSettings { Urls = "http://0.0.0.0:0" });

        Assert.Equal(IPAddress.Any.ToString(), host.Address.Host);
    }
}
