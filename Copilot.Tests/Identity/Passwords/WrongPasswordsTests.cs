using System.Net;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Identity;
using Copilot.Web.Identity.Passwords;

namespace Copilot.Tests.Identity.Passwords;

/// <summary>How often passwords of one account can be tried at one address.</summary>
public sealed class WrongPasswordsTests
{
    private const string Failed = "/signin?failed=1&returnUrl=%2F";

    [Fact]
    public void TryNote_OneWrongAfterTheOther_PausesDoubleUpToTheLongest()
    {
        var clock = new ManualClock();
        var wrong = new WrongPasswords(clock);
        for (var i = 0; i < WrongPasswords.Free; i++)
        {
            Assert.True(wrong.TryNote("usr_1", "a", isRight: false));
        }

        foreach (var pause in new[] { 30, 60, 120, 240, 480, 900, 900 })
        {
            clock.Advance(TimeSpan.FromSeconds(pause - 1));
            Assert.False(wrong.TryNote("usr_1", "a", isRight: false));
            Assert.False(wrong.TryNote("usr_1", "a", isRight: true));
            clock.Advance(TimeSpan.FromSeconds(1));
            Assert.True(wrong.TryNote("usr_1", "a", isRight: false));
        }

        // Other addresses and other accounts are not slowed down.
        Assert.True(wrong.TryNote("usr_1", "b", isRight: true));
        Assert.True(wrong.TryNote("usr_2", "a", isRight: true));
    }

    [Fact]
    public void TryNote_RightOneOrADayLater_BeginsAnew()
    {
        var clock = new ManualClock();
        var wrong = new WrongPasswords(clock);
        Fail(WrongPasswords.Free - 1);
        Assert.True(wrong.TryNote("usr_1", "a", isRight: true));
        Fail(WrongPasswords.Free);
        Assert.False(wrong.TryNote("usr_1", "a", isRight: true));

        clock.Advance(WrongPasswords.Memory);
        Fail(WrongPasswords.Free);
        Assert.False(wrong.TryNote("usr_1", "a", isRight: true));
        wrong.Forget("usr_1");
        Fail(WrongPasswords.Free);

        void Fail(int times)
        {
            for (var i = 0; i < times; i++)
            {
                Assert.True(wrong.TryNote("usr_1", "a", isRight: false));
            }
        }
    }

    [Fact]
    public async Task SignIn_GuessedAtAKnownAddress_IsLookedAtAfterAPauseOnly()
    {
        // Identity measures a lock-out by the real time.
        var clock = new ManualClock(DateTimeOffset.UtcNow);
        await using var host = await PeopleHost.StartAsync(new HostSettings { Clock = clock });
        await host.CreatePersonAsync("anna", Roles.Staff, "team_default");
        using var office = host.Browser(IPAddress.Parse("127.0.0.2"));
        Assert.Equal("/", await SignInAsync(office, PeopleHost.Password));
        using var home = host.Browser(IPAddress.Parse("127.0.0.3"));
        Assert.Equal("/", await SignInAsync(home, PeopleHost.Password));

        for (var i = 0; i < WrongPasswords.Free; i++)
        {
            Assert.Equal(Failed, await SignInAsync(office, "wrong"));
        }

        Assert.Equal(Failed, await SignInAsync(office, PeopleHost.Password));
        Assert.Equal("/", await SignInAsync(home, PeopleHost.Password));
        clock.Advance(WrongPasswords.FirstPause);
        Assert.Equal("/", await SignInAsync(office, PeopleHost.Password));
    }

    private static async Task<string> SignInAsync(HttpClient browser, string password)
    {
        using var response = await PeopleHost.PostFormAsync(
            browser, "/signin", "/account/signin", ("userName", "anna"), ("password", password));
        return response.Headers.Location!.ToString();
    }
}
