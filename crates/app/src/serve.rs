//! The life of a server: open, listen, and stop without losing what was accepted.

use crate::{config::Config, console::tell, logs, wire};
use anyhow::{Context, Result};
use axum::serve::ListenerExt;
use crm::staff::links;
use kernel::chance;
use std::{future::IntoFuture, net::SocketAddr, time::Duration};
use tokio::{net::TcpListener, sync::watch};
use web::door::House;

/// How long requests in progress may take after the signal to stop.
const PATIENCE: Duration = Duration::from_secs(10);

pub async fn serve(config: &Config, demo: bool) -> Result<()> {
    if !demo {
        logs::start(config)?;
    }
    let ground = wire::ground(config, true).await?;
    let wired = wire::server(config, ground, demo).await?;
    let address = config.text("http.listen");
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("nobody can listen on {address}; is the port taken?"))?;
    let local = listener.local_addr()?;
    let house = wired.house;
    // On a full disk no link can be written down; whoever can sign in already reads on.
    if !demo && let Err(error) = welcome(&house).await {
        tracing::warn!(%error, "The first administrator's link could not be made; the next start tries again");
    }
    tracing::info!(address = %local, url = %house.public_url, "Kundenkreis is open");

    let (stop, stopping) = watch::channel(false);
    let tasks = tokio::spawn(wired.tasks.run(stopping.clone()));
    let knowledge = wired.knowledge;
    let following = tokio::spawn({
        let (knowledge, stopping) = (knowledge.clone(), stopping.clone());
        async move { knowledge.keep(stopping).await }
    });
    let finding = tokio::spawn({
        let (finder, stopping) = (house.finder.clone(), stopping.clone());
        async move { finder.keep(stopping).await }
    });
    let service = web::router(house.clone()).into_make_service_with_connect_info::<SocketAddr>();
    // Small answers leave at once (RFC 896 would hold them back).
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "A connection keeps its delay");
        }
    });
    let server = tokio::spawn(axum::serve(listener, service).with_graceful_shutdown(asked(stopping)).into_future());

    signal().await?;
    tracing::info!("Kundenkreis is closing: requests and the current batch are finished first");
    house.end_streams();
    stop.send_replace(true);
    if tokio::time::timeout(PATIENCE, server).await.is_err() {
        tracing::warn!("Some requests took too long and were ended");
    }
    if tokio::time::timeout(Duration::from_secs(60), tasks).await.is_err() {
        tracing::warn!("A background task took too long and was ended; its lease will pass to the next start");
    }
    house.recorder.close().await;
    if tokio::time::timeout(PATIENCE, following).await.is_err() {
        tracing::warn!("The knowledgebase was not written down in time; the next start reads what is missing");
    }
    if tokio::time::timeout(PATIENCE, finding).await.is_err() {
        tracing::warn!("The search did not come to rest in time; it is made anew at the next start");
    }
    house.db.close().await;
    tracing::info!("Kundenkreis is closed");
    Ok(())
}

/// Prints the one-time link of the first administrator as long as nobody can sign in.
async fn welcome(house: &House) -> Result<()> {
    let unit = house.db.write().await?;
    let secret = links::first_administrator(&unit, house.now(), &mut chance::system()).await?;
    unit.save().await?;
    if let Some(secret) = secret {
        tell("\n  Nobody can sign in yet. Choose the administrator's password here (works once):\n")?;
        tell(format_args!("    {}\n", house.link(&format!("/einladung/{secret}"))))?;
    }
    Ok(())
}

async fn asked(mut stopping: watch::Receiver<bool>) {
    // An error means the sender is gone, which is a reason to stop as well.
    let _ = stopping.wait_for(|stop| *stop).await;
}

async fn signal() -> Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        outcome = tokio::signal::ctrl_c() => outcome?,
        _ = terminate.recv() => {}
    }
    Ok(())
}
