namespace TorchSharp;

/// <summary>The dispose scopes of one thread, and what has happened to its tensors.</summary>
public class DisposeScopeManager
{
    [ThreadStatic] private static DisposeScopeManager? _ofThread;

    private readonly List<DisposeScope> _scopes = [];
    private readonly ThreadDisposeScopeStatistics _statistics = new();

    internal static DisposeScopeManager OfThread => _ofThread ??= new DisposeScopeManager();

    public static ThreadDisposeScopeStatistics Statistics => OfThread._statistics;

    internal DisposeScope? Current => _scopes.Count == 0 ? null : _scopes[^1];

    internal DisposeScope NewScope()
    {
        var scope = new DisposeScope(this);
        _scopes.Add(scope);
        return scope;
    }

    /// <summary>Notes that an object was created, and puts it under the innermost scope, if there is one.</summary>
    internal DisposeScope? Register(IDisposable disposable)
    {
        if (_scopes.Count == 0)
        {
            _statistics.CreatedOutsideScopeCount++;
            return null;
        }
        _statistics.CreatedInScopeCount++;
        var scope = _scopes[^1];
        scope.Include(disposable);
        return scope;
    }

    internal void Remove(DisposeScope scope) => _scopes.Remove(scope);

    internal void CountAttached() => _statistics.AttachedToScopeCount++;
    internal void CountDetached() => _statistics.DetachedFromScopeCount++;
    internal void CountDisposedInScope() => _statistics.DisposedInScopeCount++;
    internal void CountDisposedOutsideScope() => _statistics.DisposedOutsideScopeCount++;
}

/// <summary>Counts of what was created, moved and disposed on one thread since its start or the last <see cref="Reset"/>.</summary>
public class ThreadDisposeScopeStatistics
{
    public long CreatedOutsideScopeCount { get; internal set; }
    public long DisposedOutsideScopeCount { get; internal set; }
    public long CreatedInScopeCount { get; internal set; }
    public long DisposedInScopeCount { get; internal set; }
    public long AttachedToScopeCount { get; internal set; }
    public long DetachedFromScopeCount { get; internal set; }

    /// <summary>Created on this thread and not disposed on it, in a scope or outside.</summary>
    public long ThreadTotalLiveCount =>
        CreatedOutsideScopeCount + CreatedInScopeCount - DisposedOutsideScopeCount - DisposedInScopeCount;

    public void Reset()
    {
        CreatedOutsideScopeCount = DisposedOutsideScopeCount = 0;
        CreatedInScopeCount = DisposedInScopeCount = 0;
        AttachedToScopeCount = DetachedFromScopeCount = 0;
    }

    public override string ToString() =>
        $"ThreadTotalLiveCount: {ThreadTotalLiveCount}; CreatedOutsideScopeCount: {CreatedOutsideScopeCount}; " +
        $"DisposedOutsideScopeCount: {DisposedOutsideScopeCount}; CreatedInScopeCount: {CreatedInScopeCount}; " +
        $"DisposedInScopeCount: {DisposedInScopeCount}; AttachedToScopeCount: {AttachedToScopeCount}; " +
        $"DetachedFromScopeCount: {DetachedFromScopeCount}";
}
