using System.Globalization;
using Microsoft.Extensions.Logging;

namespace GanPipeline.Pipelines;

/// <summary>run.log: what happened in a run's folder and when, over all its runs. Warnings also show on the display.</summary>
internal sealed class RunLog : IDisposable
{
    private readonly ILoggerFactory _factory;

    private RunLog(ILoggerFactory factory)
    {
        _factory = factory;
        Logger = factory.CreateLogger("run");
    }

    public ILogger Logger { get; }

    // By itself: LoggerFactory.Create sets up a container of services, which a short command has to compile first.
    public static RunLog Create(string path, IRunDisplay display)
        => new(new LoggerFactory([new Provider(path, display)], new LoggerFilterOptions { MinLevel = LogLevel.Information }));

    /// <summary>Runs the work and leaves the full story of a failure in the log; of a stop that was asked for, how far it came.</summary>
    public T Guard<T>(Func<T> work, CancellationToken stop)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (stop.IsCancellationRequested && e is WorkException or OperationCanceledException)
        {
            Logger.LogInformation("{Message}", e.Message);
            throw;
        }
        catch (Exception e)
        {
            Logger.LogError(e, "The run failed.");
            throw;
        }
    }

    public void Dispose() => _factory.Dispose();

    private sealed class Provider(string path, IRunDisplay display) : ILoggerProvider, ILogger
    {
        private readonly Lock _gate = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            var message = formatter(state, exception);
            if (logLevel == LogLevel.Warning) display.Note(message);
            var line = string.Create(
                CultureInfo.InvariantCulture,
                $"{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ssZ} {logLevel,-11} {message}{(exception is null ? "" : "\n" + exception)}\n");
            lock (_gate)
            {
                // A log that cannot be written (a full disk) must not hide what it was to tell.
                try { File.AppendAllText(path, line); }
                catch (IOException) { }
                catch (UnauthorizedAccessException) { }
            }
        }

        public void Dispose() { }
    }
}
