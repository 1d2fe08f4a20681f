using System.Text.Json;
using Copilot.Demo.Upstream.Protocol;
using Copilot.Demo.Upstream.Storing;
namespace Copilot.Tests.Demo.Upstream;

public sealed class ResponseStoreTests
{
    [Fact]
    public void Add_OverItsBytes_EvictsTheOldest()
    {
        var store = new ResponseStore(maxBytes: 250);
        foreach (var id in new[] { "resp_1", "resp_2", "resp_3" })
        {
            store.Add(Response(id, bytes: 100));
        }

        Assert.Null(store.Find("resp_1"));
        Assert.NotNull(store.Find("resp_2"));
        Assert.NotNull(store.Find("resp_3"));
        Assert.False(store.HasItem("msg_resp_1"));
        Assert.True(store.HasItem("msg_resp_3"));
    }

    [Fact]
    public void Add_LargerThanTheStore_NewestIsStored()
    {
        var store = new ResponseStore(maxBytes: 50);
        store.Add(Response("resp_1", bytes: 100));

        Assert.NotNull(store.Find("resp_1"));
    }

    [Fact]
    public void Add_OverItsCapacity_EvictsTheOldest()
    {
        var store = new ResponseStore();
        for (var i = 0; i <= ResponseStore.Capacity; i++)
        {
            store.Add(Response($"resp_{i}", bytes: 1));
        }

        Assert.Null(store.Find("resp_0"));
        Assert.NotNull(store.Find("resp_1"));
    }

    [Fact]
    public void Delete_IsRemembered()
    {
        var store = new ResponseStore();
        store.Add(Response("resp_1", bytes: 1));

        Assert.True(store.Delete("resp_1"));
        Assert.False(store.Delete("resp_1"));
        Assert.True(store.WasDeleted("resp_1"));
        Assert.False(store.WasDeleted("resp_2"));
    }

    private static StoredResponse Response(string id, long bytes)
    {
        using var document = JsonDocument.Parse($$"""{"type":"message","id":"msg_{{id}}","role":"assistant","content":[]}""");
        var item = ConversationItem.From(document.RootElement.Clone());
        return new StoredResponse(id, item.Json, [], [item], Fingerprint.Empty, bytes);
    }
}
