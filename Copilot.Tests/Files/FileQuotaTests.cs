using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Web.Files;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Copilot.Tests.Files;

/// <summary>How much of a person's may wait for a message.</summary>
public sealed class FileQuotaTests : IAsyncLifetime
{
    private static readonly string s_tooMany = FileText.TooManyUnused(3);

    private readonly ManualClock _clock = new();
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Add_TooManyUnusedFiles_AreRefusedUntilOneIsUsed()
    {
        using var files = Store(new FileLimits { MaxUnused = 3 });
        var first = await files.AddAsync("1.txt", "1"u8.ToArray());
        await files.AddAsync("2.txt", "2"u8.ToArray());
        await files.AddAsync("3.txt", "3"u8.ToArray());
        _clock.Advance(TimeSpan.FromHours(1));

        var refused = await Assert.ThrowsAsync<FileRefusedException>(() => files.AddAsync("4.txt", "4"u8.ToArray()));

        Assert.Equal(429, refused.Status);
        Assert.Equal(s_tooMany, refused.Message);
        Assert.Equal(TimeSpan.FromHours(23), refused.RetryAfter);
        Assert.Equal(3, _database.FilesOnDisk().Count);
        Assert.Equal(3, await _database.ScalarAsync<long>("SELECT count(*) FROM files"));

        // Other people's files do not count.
        await files.AddAsync(new RunOwner("usr_2", "team_default"), "4.txt", null, new MemoryStream([4]), CancellationToken.None);
        await _database.UseAsync(first.Id, "ses_1");
        await files.AddAsync("4.txt", "4"u8.ToArray());
    }

    [Fact]
    public async Task Add_TooManyUnusedBytes_AreRefused()
    {
        using var files = Store(new FileLimits { MaxBytes = 2048, MaxUnusedBytes = 4096 });
        var first = await files.AddAsync("1.bin", new byte[2048]);
        await files.AddAsync("2.bin", new byte[2047]);

        var refused = await Assert.ThrowsAsync<FileRefusedException>(() => files.AddAsync("3.bin", [1, 2]));

        Assert.Equal(429, refused.Status);
        Assert.Equal(FileText.TooMuchUnused(4096), refused.Message);
        await files.AddAsync("3.bin", [1]);
        await files.RemoveUnusedAsync(first.Id, "usr_1", CancellationToken.None);
        await files.AddAsync("4.bin", new byte[2048]);
    }

    [Fact]
    public async Task Add_TooMuchInAll_IsRefusedUntilAConversationIsDeleted()
    {
        using var files = Store(new FileLimits { MaxBytes = 2048, MaxUnusedBytes = 2048, MaxBytesPerPerson = 4096 });
        await _database.UseAsync((await files.AddAsync("1.bin", new byte[2048])).Id, "ses_1");
        await _database.UseAsync((await files.AddAsync("2.bin", new byte[2047])).Id, "ses_2");

        var refused = await Assert.ThrowsAsync<FileRefusedException>(() => files.AddAsync("3.bin", [1, 2]));

        Assert.Equal(507, refused.Status);
        Assert.Equal(FileText.TooMuchInAll(4096), refused.Message);
        Assert.Equal(2, _database.FilesOnDisk().Count);
        await files.AddAsync(new RunOwner("usr_2", "team_default"), "3.bin", null, new MemoryStream([1, 2]), CancellationToken.None);
        await files.EraseSessionAsync("ses_1", CancellationToken.None);
        await files.AddAsync("3.bin", [1, 2]);
    }

    [Fact]
    public async Task Add_TooManyInAll_IsRefused()
    {
        using var files = Store(new FileLimits { MaxUnused = 2, MaxPerPerson = 2 });
        await _database.UseAsync((await files.AddAsync("1.bin", [1])).Id, "ses_1");
        await _database.UseAsync((await files.AddAsync("2.bin", [2])).Id, "ses_1");

        var refused = await Assert.ThrowsAsync<FileRefusedException>(() => files.AddAsync("3.bin", [3]));

        Assert.Equal(507, refused.Status);
        Assert.Equal(FileText.TooManyInAll(2), refused.Message);
    }

    [Fact]
    public async Task Add_ManyAtOnce_QuotaIsNotExceeded()
    {
        using var files = Store(new FileLimits { MaxUnused = 3 });

        var all = Enumerable.Range(0, 8).Select(i => files.AddAsync($"{i}.bin", [(byte)i])).ToList();
        var refused = 0;
        foreach (var adding in all)
        {
            try
            {
                await adding;
            }
            catch (FileRefusedException)
            {
                refused++;
            }
        }

        Assert.Equal(5, refused);
        Assert.Equal(3, _database.FilesOnDisk().Count);
    }

    [Fact]
    public async Task ApiUpload_OverTheQuota_Answers429WithTheMessage()
    {
        await using var host = await PeopleHost.StartAsync(new HostSettings
        {
            IsDemo = true,
            Values = new() { ["Upstream:BaseUrl"] = "http://127.0.0.1:9/v1", ["Files:MaxPerMessage"] = "2", ["Files:MaxUnused"] = "3" },
        });
        using var api = host.Program("demo-key");
        for (var i = 0; i < 3; i++)
        {
            using var taken = await api.PostAsync("/api/files?name=a", new ByteArrayContent([1]));
            Assert.Equal(HttpStatusCode.Created, taken.StatusCode);
        }

        using var response = await api.PostAsync("/api/files?name=a", new ByteArrayContent([1]));

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromHours(23), TimeSpan.FromHours(24));
        Assert.Equal(s_tooMany, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Receive_LargestPossibleLimit_AcceptsASmallFile()
    {
        var limits = new FileLimits { MaxBytes = int.MaxValue, MaxUnusedBytes = int.MaxValue };
        using var files = Store(limits);
        var context = new DefaultHttpContext();
        context.Request.Body = new MemoryStream("abc"u8.ToArray());
        context.Request.ContentLength = 3;
        context.Request.QueryString = new QueryString("?name=a.txt");

        var file = await new FileUpload(files, Microsoft.Extensions.Options.Options.Create(limits), NullLogger<FileUpload>.Instance).ReceiveAsync(context.Request, TestFiles.Owner);

        Assert.Equal("a.txt", file.Name);
        Assert.Equal(3L, file.Size);
    }

    [Fact]
    public void Validate_BelowOneMessagesLimit_NamesTheSetting()
    {
        var result = new FileLimitsValidator().Validate("Files", new FileLimits { MaxUnused = 9, MaxUnusedBytes = 20_971_519 });

        Assert.Equal(
            [
                "Files:MaxUnused is 9. Set it to at least Files:MaxPerMessage, which is 10 (Files__MaxUnused in the environment).",
                "Files:MaxUnusedBytes is 20971519. Set it to at least Files:MaxBytes, which is 20971520 (Files__MaxUnusedBytes in the environment).",
            ],
            result.Failures);
        Assert.True(new FileLimitsValidator().Validate("Files", new FileLimits { MaxUnused = 10, MaxUnusedBytes = 20_971_520 }).Succeeded);
    }

    private FileStore Store(FileLimits limits) => _database.Files(_clock, limits);
}
