using System.Net;
using Microsoft.AspNetCore.Builder;

namespace GanPipeline.Studio.Tests;

/// <summary>Tests that ask a server of their own.</summary>
public abstract class ServedTests : IAsyncLifetime, IDisposable
{
    private WebApplication _server = null!;

    /// <summary>The models that ship.</summary>
    protected static string Models { get; } = Path.Combine(Repository.Root, "models");

    protected HttpClient Client { get; } = new();

    /// <summary>Without a path, as in http://127.0.0.1:12345.</summary>
    protected string Origin => _server.Urls.First();

    public async Task InitializeAsync()
    {
        _server = Create();
        await _server.StartAsync();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing) Client.Dispose();
    }

    /// <summary>Makes the server, which is not started yet.</summary>
    protected abstract WebApplication Create();

    protected Uri Address(string path) => new(new Uri(Origin), path);

    /// <summary>Asserts that an address answers with a status, and with a text that has another in it.</summary>
    protected async Task TellsAsync(string path, HttpStatusCode status, string problem)
    {
        using var answer = await Client.GetAsync(Address(path));
        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(problem, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
