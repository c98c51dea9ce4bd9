use std::collections::BTreeSet;

use super::RegistryError;
use super::scope::Scope;
use super::store::{Tx, values};
use crate::model::{CapturedImage, ComponentType, FileDigest, IterationId, IterationRecord};
use crate::registry::json;

/// Stores the build of a record with all that belongs to it; answers its id.
pub(super) async fn insert<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    (bucket_id, iteration_id): (&str, &IterationId),
    record: &IterationRecord,
) -> Result<String, RegistryError> {
    let id = scope.new_id();
    // The record's own build is always expected, whatever its list says.
    let expected = record.expected.iter().chain([&record.component_type]).map(ComponentType::as_str);
    let sql = "INSERT INTO builds (id, project_id, bucket_id, iteration_id, asked_fingerprint, fresh_fingerprint,
            component_type, run_uuid, status, platform, labels, source_external_identifier, metadata,
            expected, channels, started_at, recorded_at, received_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $18)";
    let values = values![
        &id,
        &scope.project_id,
        bucket_id,
        iteration_id,
        &record.fingerprint,
        &record.fresh_fingerprint,
        &record.component_type,
        &record.run_uuid,
        "unconfirmed",
        &record.platform,
        json::labels(&record.labels)?,
        record.source_external_identifier.as_ref(),
        json::metadata(&record.metadata)?,
        json::names(expected)?,
        json::names(record.channels.iter().map(|name| name.as_str()))?,
        record.started_at,
        record.recorded_at,
        scope.now,
    ];
    tx.exec(sql, values).await?;
    insert_images(tx, scope, &id, &record.images).await?;
    insert_files(tx, scope, &id, (0, &record.files)).await?;
    insert_parents(tx, scope, &id, record).await?;
    Ok(id)
}

async fn insert_images<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    build_id: &str,
    images: &[CapturedImage],
) -> Result<(), RegistryError> {
    let sql = "INSERT INTO artifacts (id, project_id, build_id, platform, region, external_identifier,
            source_external_identifier, labels, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    for image in images {
        let values = values![
            scope.new_id(),
            &scope.project_id,
            build_id,
            &image.platform,
            &image.region,
            &image.external_identifier,
            image.source_external_identifier.as_ref(),
            json::labels(&image.labels)?,
            scope.now,
        ];
        tx.exec(sql, values).await?;
    }
    Ok(())
}

async fn insert_files<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    build_id: &str,
    (first, files): (u32, &[FileDigest]),
) -> Result<(), RegistryError> {
    let sql = "INSERT INTO files (project_id, build_id, position, name, size, sha256) VALUES ($1, $2, $3, $4, $5, $6)";
    for (position, file) in (first..).zip(files) {
        let size = i64::try_from(file.size).unwrap_or(i64::MAX);
        let values = values![&scope.project_id, build_id, position, &file.name, size, file.sha256.as_ref()];
        tx.exec(sql, values).await?;
    }
    Ok(())
}

async fn insert_parents<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    build_id: &str,
    record: &IterationRecord,
) -> Result<(), RegistryError> {
    let sql =
        "INSERT INTO parents (project_id, build_id, position, bucket, fingerprint, iteration_id, version, channel,
            external_identifier)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    for (position, parent) in (0_u32..).zip(&record.parents) {
        let values = values![
            &scope.project_id,
            build_id,
            position,
            &parent.bucket,
            &parent.fingerprint,
            &parent.iteration_id,
            parent.version,
            parent.channel.as_ref(),
            &parent.external_identifier,
        ];
        tx.exec(sql, values).await?;
    }
    Ok(())
}

/// What is named that a build does not have.
pub(super) struct Addition {
    images: Vec<CapturedImage>,
    files: Vec<FileDigest>,
    first_position: u32,
}

impl Addition {
    /// Compares with the build `build_id`.
    pub(super) async fn of<T: Tx>(
        tx: &mut T,
        build_id: &str,
        (images, files): (&[CapturedImage], &[FileDigest]),
    ) -> Result<Self, RegistryError> {
        let mut identifiers = BTreeSet::new();
        let sql = "SELECT platform, region, external_identifier FROM artifacts WHERE build_id = $1";
        for mut row in tx.rows(sql, values![build_id]).await? {
            identifiers.insert((row.text()?, row.text()?, row.text()?));
        }
        let mut digests = BTreeSet::new();
        let mut first_position = 0;
        for mut row in tx.rows("SELECT name, sha256 FROM files WHERE build_id = $1", values![build_id]).await? {
            digests.insert((row.text()?, row.optional_text()?));
            first_position += 1;
        }
        let is_new_image = |image: &&CapturedImage| {
            let CapturedImage { platform, region, external_identifier, .. } = (*image).clone();
            !identifiers.contains(&(platform, region, external_identifier))
        };
        let is_new_file = |file: &&FileDigest| !digests.contains(&(file.name.clone(), file.sha256.clone()));
        Ok(Self {
            images: images.iter().filter(is_new_image).cloned().collect(),
            files: files.iter().filter(is_new_file).cloned().collect(),
            first_position,
        })
    }

    /// Whether there is nothing new.
    pub(super) fn is_empty(&self) -> bool {
        self.images.is_empty() && self.files.is_empty()
    }

    /// What is new, by its identifiers and file names.
    pub(super) fn names(&self) -> Vec<String> {
        let images = self.images.iter().map(|image| image.external_identifier.clone());
        images.chain(self.files.iter().map(|file| file.name.clone())).collect()
    }

    /// Stores it.
    pub(super) async fn insert<T: Tx>(&self, tx: &mut T, scope: &Scope, build_id: &str) -> Result<(), RegistryError> {
        insert_images(tx, scope, build_id, &self.images).await?;
        insert_files(tx, scope, build_id, (self.first_position, &self.files)).await
    }
}
