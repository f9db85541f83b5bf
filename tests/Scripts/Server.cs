using System.Diagnostics;

namespace GanPipeline.Scripts.Tests;

/// <summary>A sample that serves, as a process, on a port that is free.</summary>
internal sealed class Server : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output, _error;

    public Server(string folder, string program, params string[] arguments)
    {
        _process = Script.Start(Script.Dotnet, [program, .. arguments, "--urls", "http://127.0.0.1:0"], folder);
        _error = _process.StandardError.ReadToEndAsync();
        const string listening = "Now listening on: ";
        string? line;
        do line = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException(_error.Result);
        while (!line.Contains(listening, StringComparison.Ordinal));
        // A line of text, or a member of JSON.
        var address = line[(line.IndexOf(listening, StringComparison.Ordinal) + listening.Length)..].Split('"')[0];
        Client = new() { BaseAddress = new(address) };
        _output = _process.StandardOutput.ReadToEndAsync();
    }

    public HttpClient Client { get; }

    /// <summary>Sends a body, and asks first whether it is wanted, as curl does of a large one.</summary>
    public async Task<(int Status, string Text)> Post(string path, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Headers.ExpectContinue = true;
        using var response = await Client.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>SIGTERM, as a service manager sends it.</summary>
    public async Task<Outcome> Stop()
    {
        Assert.Equal(0, Script.Run("/bin/sh", ["-c", $"kill -TERM {_process.Id}"], Path.GetTempPath()).Code);
        await _process.WaitForExitAsync();
        return new(_process.ExitCode, await _output, await _error);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
        Client.Dispose();
    }
}
